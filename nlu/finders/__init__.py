"""The entities that every pack has, each kind in a module of its own; `builtin` lists them. Pure.

context                what all of them look at: a message, prepared once
dates, clock, moments  days, times of day, and both together; `date_words` has their words
number_words, counts   numbers that are spelled, and numbers that count something
names                  who somebody says they are
machines, places       computers and stickers; rooms and floors
quoted, spoken         what a screen says; addresses and codes as a recogniser writes them
"""
