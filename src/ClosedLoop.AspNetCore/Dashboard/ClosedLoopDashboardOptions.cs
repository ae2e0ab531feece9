namespace ClosedLoop.AspNetCore;

/// <summary>What the dashboard shows and lets people do. Checked when it is mapped.</summary>
public sealed class ClosedLoopDashboardOptions
{
    /// <summary>The default of <see cref="MaxStreams"/>: 500.</summary>
    public const int DefaultMaxStreams = 500;

    /// <summary>The default of <see cref="PageSize"/>: 50.</summary>
    public const int DefaultPageSize = 50;

    /// <summary>What the pages are called in the browser's title and at the top, up to 60 characters. The default is <c>ClosedLoop</c>.</summary>
    public string Title { get; set; } = "ClosedLoop";

    /// <summary>
    /// Whether signed-in users may act: acknowledge, silence and close incidents, and waive gates, each by the user's own name. The default is
    /// false: pages are read-only. Needs <c>builder.Services.AddAntiforgery()</c> and the host's authentication.
    /// </summary>
    public bool AllowActions { get; set; }

    /// <summary>The most open pages that are told of changes at once, 0 to 100,000; further ones work without. The default is <see cref="DefaultMaxStreams"/>.</summary>
    public int MaxStreams { get; set; } = DefaultMaxStreams;

    /// <summary>How many items a page of the board lists, 10 to 200. The default is <see cref="DefaultPageSize"/>.</summary>
    public int PageSize { get; set; } = DefaultPageSize;

    internal void Validate()
    {
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > 60) throw Invalid(nameof(Title), "must have 1 to 60 characters; the default is ClosedLoop");
        if (MaxStreams is < 0 or > 100_000) throw Invalid(nameof(MaxStreams), $"is {MaxStreams}; use 0 to 100000; the default is {DefaultMaxStreams}");
        if (PageSize is < 10 or > 200) throw Invalid(nameof(PageSize), $"is {PageSize}; use 10 to 200; the default is {DefaultPageSize}");
    }

    private static InvalidOperationException Invalid(string option, string problem) => new($"Dashboard:{option} {problem}.");
}
