"""A simulated Salesforce org with Sales Territories, made from the contract."""
