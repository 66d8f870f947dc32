"""The root of every refusal by the rules. What each refusal means stands beside the rule that makes it."""


class RuleBroken(Exception):
    """An agreement, position or decision that a rule refuses, told in one sentence with the next step."""
