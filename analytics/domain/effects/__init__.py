"""What a tool did: how sure an effect is (evidence, rules), and the estimators that find it."""
