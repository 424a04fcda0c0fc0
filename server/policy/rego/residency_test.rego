package throughline_test

test_a_token_counts_in_its_region_only if {
	every region in ["us", "EU", "", null] { denied_by(subject({"region": region}), ["region"]) }
	allowed(subject({"region": null, "internal": true}))
}

test_a_tenant_is_served_where_it_allows_it if {
	denied_by(object.union(ana, {"tenant": {"allowedRegions": []}}), ["residency"])
	denied_by(object.union(ana, {"tenant": {"allowedRegions": ["us"]}}), ["residency"])
	allowed(object.union(ana, {"tenant": {"allowedRegions": ["us", "eu", "eu"]}}))
}

test_this_process_is_bound_by_residency_too if {
	denied_by(
		object.union(ana, {"subject": {"internal": true}, "tenant": {"allowedRegions": ["us"]}}),
		["residency"],
	)
}
