package throughline

denied contains "region" if {
	not input.subject.internal
	input.subject.region != input.region
}

denied contains "residency" if {
	not input.region in input.tenant.allowedRegions
	input.tenant.id != "system"
}
