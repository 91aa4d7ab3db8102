print("netc-dev")
