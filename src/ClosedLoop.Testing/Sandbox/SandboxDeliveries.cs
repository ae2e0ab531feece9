namespace ClosedLoop.Testing.Sandbox;

/// <summary>What became of the sandbox's webhooks so far.</summary>
public sealed record SandboxDeliveries
{
    /// <summary>Webhooks that the systems meant to send.</summary>
    public int Raised { get; init; }

    /// <summary>Never sent: dropped on purpose.</summary>
    public int Dropped { get; init; }

    /// <summary>Sent twice on purpose.</summary>
    public int Duplicated { get; init; }

    /// <summary>Held back on purpose, so that later ones overtook them.</summary>
    public int Delayed { get; init; }

    /// <summary>Requests that the receiver answered with success; duplicates count.</summary>
    public int Accepted { get; init; }

    /// <summary>Requests sent again after an error, by the systems that do that.</summary>
    public int Retried { get; init; }

    /// <summary>Lost because the receiver refused or did not answer, and the sender gave up.</summary>
    public int Lost { get; init; }
}
