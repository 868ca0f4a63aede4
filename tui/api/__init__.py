"""What UiPath says on the wire: addresses, models, sign-in, one method an endpoint. No user interface."""
