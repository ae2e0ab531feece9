namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>How good something is; the colour beside a mark and a word, never instead of them.</summary>
internal enum Tone
{
    /// <summary>Neither good nor bad.</summary>
    Quiet = 0,

    /// <summary>It holds.</summary>
    Good = 1,

    /// <summary>Something is going on.</summary>
    Busy = 2,

    /// <summary>Somebody should look.</summary>
    Warn = 3,

    /// <summary>It does not hold.</summary>
    Bad = 4,
}
