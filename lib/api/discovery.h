/* SPDX-License-Identifier: MIT */
/* Handlers of what tells clients and other servers about this one: nodeinfo, webfinger, oEmbed, and
 * the parts of the instance. */
#ifndef API_DISCOVERY_H
#define API_DISCOVERY_H

#include "http/route.h"

enum err on_nodeinfo_links(struct req *r, struct answer *out);
enum err on_nodeinfo(struct req *r, struct answer *out);
enum err on_host_meta(struct req *r, struct answer *out);
enum err on_webfinger(struct req *r, struct answer *out);
enum err on_health(struct req *r, struct answer *out);
enum err on_oembed(struct req *r, struct answer *out);

enum err on_instance_rules(struct req *r, struct answer *out);
enum err on_instance_activity(struct req *r, struct answer *out);
enum err on_instance_none(struct req *r, struct answer *out); /* [] */
enum err on_instance_description(struct req *r, struct answer *out);
enum err on_instance_privacy(struct req *r, struct answer *out);
enum err on_instance_terms(struct req *r, struct answer *out);
enum err on_instance_translations(struct req *r, struct answer *out);
enum err on_instance_languages(struct req *r, struct answer *out);

#endif
