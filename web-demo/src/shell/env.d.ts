interface ImportMetaEnv {
  readonly VITE_YILIAN_NETWORK?: string;
  readonly VITE_YILIAN_HUB?: string;
}
