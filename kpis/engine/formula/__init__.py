"""The formula language, from text to a checked tree. Pure: no Django, no database, no clock, and never `eval`.

    expression = parse("growth(new_mrr) * 2")          # parsing: a tree of `syntax`, or a FormulaError with its column
    check_names(expression, known=keys)                # checking: a key that nobody has, with a hint
    hint = unit_of(expression, units)                  # checking: the result's unit, warnings about mixed ones
    renamed(text, "new_mrr", "mrr_won")                # renaming: the same text with another key
    in_words(expression, names_by_key)                 # wording: Net sales ÷ Baskets
    completions(text, caret=4, keys=names_by_key)      # completion: what the word being typed may become
    REFERENCE[Function.GROWTH].summary                 # reference: every function explained

Import from the modules themselves: `syntax` alone is cheap, `parsing` builds the grammar.
"""
