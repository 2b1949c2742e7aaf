"""The peers' own tests as a harness: what they call is asked of `cehelpers` too, and compared."""
