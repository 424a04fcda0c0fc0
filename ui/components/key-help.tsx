import { ActionIcon, Kbd, Popover } from "@mantine/core";
import { useHotkeys } from "@mantine/hooks";
import { useState } from "react";

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [["/"], "go to the search field"],
  [["Tab"], "next control; in the graph: into it, and out of it"],
  [["←", "→"], "along a link: left to what stands on it, right to what it stands on"],
  [["↑", "↓"], "to the neighbour above or below; in the table, the row"],
  [["Home"], "back to the node that the page started from"],
  [["Enter"], "open the node's card"],
  [["E"], "show the node's hidden neighbours, or fold them away"],
  [["P"], "show the ways from the start to what is selected"],
  [["I"], "only the line of what is selected; again for all"],
  [["[", "]"], "to the change before, to the next one"],
  [["Esc"], "close the card, back to where you were"],
  [["Ctrl", "Z"], "undo a step of the view; with Shift, redo"],
  [["?"], "this list"],
];

/** The list of keys, on a button and on `?`. */
export function KeyHelp() {
  const [opened, setOpened] = useState(false);
  useHotkeys([
    ["shift+?", () => setOpened((was) => !was)],
    ["?", () => setOpened((was) => !was)],
  ]);
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-end" width={360} trapFocus returnFocus shadow="md">
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label="Keys and help"
          onClick={() => setOpened((was) => !was)}
        >
          ?
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown aria-label="Keys">
        <dl className="keys">
          {KEYS.map(([keys, what]) => (
            <div key={what}>
              <dt>
                {keys.map((key) => (
                  <Kbd key={key} size="xs">
                    {key}
                  </Kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
