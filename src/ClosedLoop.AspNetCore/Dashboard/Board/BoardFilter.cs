using ClosedLoop.AspNetCore.Dashboard.Rendering;

namespace ClosedLoop.AspNetCore.Dashboard.Board;

/// <summary>What part of the board is asked for, as its address says.</summary>
internal sealed record BoardFilter
{
    public string? Pipeline { get; init; }

    /// <summary>Only items that wait on this gate.</summary>
    public string? Gate { get; init; }

    public string? Repository { get; init; }

    public string? Agent { get; init; }

    public string? Priority { get; init; }

    public string? Text { get; init; }

    public bool IsOverdue { get; init; }

    /// <summary>Done items instead of open ones.</summary>
    public bool IsDone { get; init; }

    /// <summary>Whether anything narrows the list down, the pipeline aside.</summary>
    public bool IsNarrow => Gate is not null || Text is not null || IsOverdue || IsScoped;

    /// <summary>Whether it is about the items of one repository, agent or priority.</summary>
    public bool IsScoped => Repository is not null || Agent is not null || Priority is not null;

    public string Address(DashboardAddresses addresses, string? cursor = null) => DashboardAddresses.With(addresses.Board,
        ("pipeline", Pipeline), ("gate", Gate), ("repository", Repository), ("agent", Agent), ("priority", Priority), ("q", Text),
        ("overdue", IsOverdue ? "true" : null), ("state", IsDone ? "done" : null), ("cursor", cursor));
}
