namespace ClosedLoop.Alerting.Sinks;

/// <summary>A dead man's switch: an address that is called while ClosedLoop works, and whose owner worries when the calls stop.</summary>
public sealed class HeartbeatOptions : HttpSinkOptions
{
    /// <summary>Makes options with the defaults.</summary>
    public HeartbeatOptions()
        : base("heartbeat")
    {
    }

    /// <summary>The address to call, such as <c>https://hc-ping.com/…</c>; its path is a secret. Required. It should be watched by something that does not run beside ClosedLoop.</summary>
    public Uri? Url { get; set; }

    /// <summary>Whether to POST what is known of the engine and the sources, one line each, instead of a GET. The default is false.</summary>
    public bool Post { get; set; }

    /// <summary>How often. The default is 1 min; 10 s to 10 min. The watcher should wait for a few of them.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Calls stop when the engine finished no round for this long. The default is 5 min; 30 s to 1 h.</summary>
    public TimeSpan FreshWithin { get; set; } = TimeSpan.FromMinutes(5);
}
