/* SPDX-License-Identifier: MIT */
/* Media and link previews as the templates want them. */
#include "page/handlers.h"

static struct str file_url(struct arena *a, struct str path)
{
	return path.len ? text_join(a, S("/media/"), path) : S("");
}

static struct view_media one_view(struct arena *a, const struct media *m)
{
	bool small = m->preview.len > 0;
	return (struct view_media){
		.kind = m->kind,
		.url = file_url(a, m->file),
		.preview = file_url(a, small ? m->preview : m->file),
		.about = m->description,
		.width = small && m->preview_width ? m->preview_width : m->width,
		.height = small && m->preview_width ? m->preview_height : m->height,
		.is_picture = str_starts(m->type, S("image/")) || m->kind == MEDIA_IMAGE,
	};
}

struct view_medias media_view(struct arena *a, const struct kwip *k)
{
	struct view_medias out = {.at = arena_array(a, k->n_media, sizeof(struct view_media))};
	for (size_t i = 0; i < k->n_media; i++) {
		if (k->media[i].file.len)
			out.at[out.n++] = one_view(a, &k->media[i]);
	}
	return out;
}

const struct view_preview *preview_view(struct arena *a, const struct kwip *k)
{
	const struct preview *p = k->preview;
	if (!p)
		return NULL;
	struct view_preview *v = arena_take(a, sizeof *v);
	*v = (struct view_preview){
		.url = p->url,
		.title = p->title.len ? p->title : p->url,
		.about = markup_excerpt(a, p->description, 160),
		.site = p->provider_name,
		.image = file_url(a, p->image),
		.image_about = p->image_description,
		.width = p->width,
		.height = p->height,
	};
	return v;
}
