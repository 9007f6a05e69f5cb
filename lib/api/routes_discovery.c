/* SPDX-License-Identifier: MIT */
/* Routes: what this server is and can do. */
#include "api/discovery.h"
#include "api/routes.h"

/* The same for everybody; TOLD changes with what is said here, STANDS with the settings alone. */
#define TOLD(p, h, text) \
	{ \
		.method = METHOD_GET, .path = p, .format = FORMAT_API, .read = h, .cached = true, \
		.help = text \
	}
#define STANDS(p, h, text) \
	.method = METHOD_GET, .path = p, .format = FORMAT_API, .read = h, .help = text

static const struct route routes[] = {
	{OPEN("/api/v2/instance", NULL, on_instance, "what this server is and can do"),
	 .cached = true},
	{OPEN("/api/v1/instance", NULL, on_instance_v1, "the same in the old form"),
	 .cached = true},
	TOLD("/api/v1/instance/rules", on_instance_rules, "the rules of this place"),
	TOLD("/api/v1/instance/activity", on_instance_activity, "how busy the last weeks were"),
	{STANDS("/api/v1/instance/peers", on_instance_none, "other servers heard of: none yet")},
	{STANDS("/api/v1/instance/domain_blocks", on_instance_none,
		"servers kept out: none are told")},
	{STANDS("/api/v1/instance/extended_description", on_instance_description,
		"about this place")},
	{STANDS("/api/v1/instance/privacy_policy", on_instance_privacy,
		"what is kept of whom, and who sees it")},
	{STANDS("/api/v1/instance/terms_of_service", on_instance_terms, "404: there are none")},
	{STANDS("/api/v1/instance/terms_of_service/:date", on_instance_terms,
		"404: there are none"),
	 PARAMS({.name = "date", .type = PARAM_STR})},
	{STANDS("/api/v1/instance/translation_languages", on_instance_translations,
		"empty: nothing is translated here")},
	{STANDS("/api/v1/instance/languages", on_instance_languages, "languages to choose from")},
	{STANDS("/.well-known/nodeinfo", on_nodeinfo_links, "where nodeinfo is")},
	TOLD("/nodeinfo/2.0", on_nodeinfo, "software, people and kwips in numbers"),
	{STANDS("/.well-known/host-meta", on_host_meta, "where webfinger is")},
	{STANDS("/.well-known/webfinger", on_webfinger, "finds a person (RFC 7033)"),
	 PARAMS({.name = "resource",
		 .type = PARAM_STR,
		 .max = 2000,
		 .help = "acct:name@host, or a profile's address"},
		{.name = "rel", .type = PARAM_LIST})},
	{.method = METHOD_GET,
	 .path = "/health",
	 .format = FORMAT_TEXT,
	 .rate = RATE_NONE,
	 .read = on_health,
	 .help = "OK while the web service answers"},
	{STANDS("/api/oembed", on_oembed, "a public kwip to show elsewhere (oEmbed)"),
	 PARAMS({.name = "url", .type = PARAM_STR, .max = 2000, .help = "a kwip's address"},
		{.name = "maxwidth", .type = PARAM_INT, .min = 1, .max = 10000},
		{.name = "maxheight", .type = PARAM_INT, .min = 1, .max = 10000})},
};

ROUTES(api_discovery_routes);
