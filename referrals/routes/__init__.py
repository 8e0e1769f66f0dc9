"""The pages of referrals, a module for each kind of page; all hang on one blueprint."""
