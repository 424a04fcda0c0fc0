# Who may do what. Each file is one theme and adds the rules that deny; nothing here allows by itself.
package throughline

# What isn't a whole question, and whatever goes undefined on the way, is denied.
default decision := {"allow": false, "denied": ["malformed-input"], "approvals": 1}

decision := {"allow": count(denied) == 0, "denied": sort(denied), "approvals": approvals} if whole_input
