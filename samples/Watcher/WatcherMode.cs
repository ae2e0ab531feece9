namespace ClosedLoop.Samples.Watcher;

internal enum WatcherMode
{
    /// <summary>The built-in delivery sandbox.</summary>
    Sandbox,

    /// <summary>The merge history of a clone.</summary>
    Git,

    /// <summary>Real providers, from a configuration file.</summary>
    Config,

    Help,
}
