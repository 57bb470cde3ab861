// What belongs to the person, not to the cluster.

export interface Settings {
  /** Name of the cluster that commands mean when none is named. */
  readonly currentCluster?: string
}

export interface SettingsStore {
  read(): Promise<Settings>
  write(settings: Settings): Promise<void>
}
