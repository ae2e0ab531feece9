namespace ClosedLoop.Testing.Sandbox.World;

/// <summary>How one change fares at one target.</summary>
internal sealed class Exposure
{
    public bool IsLive { get; private set; }

    public bool WasLive { get; private set; }

    /// <summary>Whether it was healthy while it was live there.</summary>
    public bool IsVerified { get; private set; }

    /// <summary>Whether the newest check since it went live has failed.</summary>
    public bool IsUnhealthy { get; private set; }

    public void Set(bool live)
    {
        if (live == IsLive) return;
        IsLive = live;
        WasLive |= live;
        IsVerified = IsUnhealthy = false;
    }

    public void Check(bool passed)
    {
        IsVerified |= passed;
        IsUnhealthy = !passed;
    }
}
