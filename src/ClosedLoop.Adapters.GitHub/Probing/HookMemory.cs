namespace ClosedLoop.Adapters.GitHub.Probing;

/// <summary>What is known of one hook's deliveries. One sweep at a time uses it: <see cref="TryEnter"/>.</summary>
internal sealed class HookMemory
{
    private int _busy;

    /// <summary>Of the first page.</summary>
    public string? ETag { get; set; }

    /// <summary>Everything before this was read.</summary>
    public DateTimeOffset? CoveredUntil { get; set; }

    /// <summary>Failed and not yet sent again, by the delivery's GUID.</summary>
    public Dictionary<string, HookDelivery> Failed { get; } = new(StringComparer.Ordinal);

    /// <summary>Sent again, by GUID with the delivery's time: never sent a third time.</summary>
    public Dictionary<string, DateTimeOffset> Repeated { get; } = new(StringComparer.Ordinal);

    public bool TryEnter() => Interlocked.Exchange(ref _busy, 1) == 0;

    public void Exit() => Volatile.Write(ref _busy, 0);

    /// <summary>Forgets what is too old to be sent again.</summary>
    public void Forget(DateTimeOffset before)
    {
        foreach (var (guid, at) in Repeated.ToList())
            if (at < before) Repeated.Remove(guid);
        foreach (var (guid, delivery) in Failed.ToList())
            if (delivery.At < before) Failed.Remove(guid);
    }
}
