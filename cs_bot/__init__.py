"""cs_bot: a self-hosted customer-service chatbot framework."""

__version__ = "0.1.0"
