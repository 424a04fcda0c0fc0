import "@mantine/core/styles.css";
import "./page.css";
import "./governance.css";
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

/** Lets through the styles that components put into the document: the server's policy allows no others. */
const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? "";
// The drawer's own helper against scrolling behind it looks for it here.
Object.assign(globalThis, { __webpack_nonce__: styleNonce });

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => styleNonce}>
      <Provider value={createClient()}>
        <LiveRegion>
          <App />
        </LiveRegion>
      </Provider>
    </MantineProvider>
  </StrictMode>,
);
