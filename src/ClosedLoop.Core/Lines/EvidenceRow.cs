using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>A register as evidence about a commit.</summary>
internal sealed record EvidenceRow(string Register, GateStatus Status, Reason Reason, string Ordinal, DateTimeOffset At)
{
    public bool IsVerdict => Status is GateStatus.Passed or GateStatus.Failed or GateStatus.NotApplicable;

    public static EvidenceRow Of(Fact fact) => new(LineKeys.Text(fact.Register), fact.Status, fact.Reason, LineKeys.Text(fact.Ordinal), fact.OccurredAt);

    public string Write() => string.Create(CultureInfo.InvariantCulture, $"{(int)Status}\t{(int)Reason}\t{Ordinal}\t{At.UtcTicks}");

    public static EvidenceRow Read(string register, string value)
    {
        string[] parts = value.Split('\t');
        return new EvidenceRow(register, (GateStatus)Number(parts[0]), (Reason)Number(parts[1]), parts[2], new DateTimeOffset(Number(parts[3]), TimeSpan.Zero));
    }

    /// <summary>Which of several runs at one commit speaks: the newest with a verdict, else the newest.</summary>
    public static EvidenceRow? Speaking(IEnumerable<EvidenceRow> runs)
    {
        EvidenceRow? speaking = null;
        foreach (var run in runs)
            if (speaking is null || Order(run).CompareTo(Order(speaking)) > 0)
                speaking = run;
        return speaking;

        static (bool, string, string) Order(EvidenceRow row) => (row.IsVerdict, row.Ordinal, row.Register);
    }

    private static long Number(string text) => long.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
}
