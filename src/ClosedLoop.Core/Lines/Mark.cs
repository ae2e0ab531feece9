using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>What a series says of one commit: the run that speaks, and its verdict.</summary>
/// <param name="Category">One of the constants of this type.</param>
/// <param name="At">When it became so.</param>
/// <param name="Commit">The commit's id.</param>
/// <param name="Register">The register of the run that speaks, as in <see cref="LineKeys"/>.</param>
internal sealed record Mark(char Category, DateTimeOffset At, string Commit, string Register)
{
    /// <summary>Passed, and no later commit passed sooner: it releases what landed since the step before.</summary>
    public const char Step = 'S';

    /// <summary>Passed, but a later commit passed sooner.</summary>
    public const char Shadowed = 'D';

    public const char Failed = 'F';
    public const char Running = 'R';
    public const char NotApplicable = 'A';
    public const char NoVerdict = 'N';

    /// <summary>Ran there at some time; only of level series.</summary>
    public const char Level = 'L';

    /// <summary>The categories that are a verdict on the commit, for merge-while-red.</summary>
    public static readonly char[] Verdicts = [Step, Shadowed, Failed];

    public static readonly char[] All = [Step, Shadowed, Failed, Running, NotApplicable, NoVerdict, Level];

    public bool Passed => Category is Step or Shadowed;

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}\t{Commit}\t{Register}");

    public static Mark Read(char category, string value)
    {
        int first = value.IndexOf('\t', StringComparison.Ordinal), second = value.IndexOf('\t', first + 1);
        return new Mark(category, new DateTimeOffset(long.Parse(value.AsSpan(0, first), NumberStyles.None, CultureInfo.InvariantCulture), TimeSpan.Zero), value[(first + 1)..second], value[(second + 1)..]);
    }

    public static char CategoryOf(GateStatus status) => status switch
    {
        GateStatus.Passed => Step,
        GateStatus.Failed => Failed,
        GateStatus.Running => Running,
        GateStatus.NotApplicable => NotApplicable,
        _ => NoVerdict,
    };
}
