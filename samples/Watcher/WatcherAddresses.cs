namespace ClosedLoop.Samples.Watcher;

/// <summary>Where the watcher serves what.</summary>
internal static class WatcherAddresses
{
    public const string Dashboard = "/loop";
}
