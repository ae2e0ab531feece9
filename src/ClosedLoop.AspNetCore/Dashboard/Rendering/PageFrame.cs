namespace ClosedLoop.AspNetCore.Dashboard.Rendering;

/// <summary>What every part of a page may need to know of the request.</summary>
internal sealed record PageFrame
{
    public required Page Page { get; init; }

    public required DashboardAddresses Addresses { get; init; }

    /// <summary>What the dashboard is called.</summary>
    public required string Product { get; init; }

    /// <summary>The instant that ages are told for.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The signed-in person, by the name that actions are recorded under; null when nobody is, or may not act.</summary>
    public string? Actor { get; init; }

    /// <summary>The name of the field that protects forms, and its value; null when nothing can be sent.</summary>
    public (string Field, string Token)? Antiforgery { get; init; }

    /// <summary>Where the page is, with its filters: forms come back to it.</summary>
    public required string Here { get; init; }

    /// <summary>What became of the action before.</summary>
    public ActionNotice? Notice { get; init; }

    /// <summary>Whether forms are shown.</summary>
    public bool CanAct => Actor is not null && Antiforgery is not null;
}
