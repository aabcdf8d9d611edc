"""Sales Territories: what is published to a Salesforce org and read from it."""
