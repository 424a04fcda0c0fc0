import type { Executor } from "../executor.js";
import type { EpisodeTemplate } from "./template.js";

export type TemplateOf = (channelId: string) => EpisodeTemplate;

/**
 * Executors that go by what their run has pinned of its channel's config. Each is made with the installation's templates; a run
 * that has pinned a template is worked on by one that knows no other.
 */
export function byChannel(make: (templateOf: TemplateOf) => readonly Executor[], templateOf: TemplateOf): Executor[] {
  return make(templateOf).map((one) => ({
    ...one,
    run(context, input) {
      const template = context.pins?.template?.content;
      if (template === undefined) return one.run(context, input);
      return make(() => template)
        .find(({ name }) => name === one.name)!
        .run(context, input);
    },
  }));
}
