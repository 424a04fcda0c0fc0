import "@mantine/core/styles.css";
import "./page.css";
import { MantineProvider } from "@mantine/core";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { createClient } from "./api/client.js";
import { App } from "./app.js";
import { LiveRegion } from "./components/live-region.js";
import { theme } from "./theme.js";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto">
      <Provider value={createClient()}>
        <LiveRegion>
          <App />
        </LiveRegion>
      </Provider>
    </MantineProvider>
  </StrictMode>,
);
