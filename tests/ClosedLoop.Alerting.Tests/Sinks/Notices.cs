using ClosedLoop.Alerting.Delivery;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>Notices to deliver.</summary>
internal static class Notices
{
    public static readonly DateTimeOffset Now = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    public static IncidentNotice Of(IncidentNoticeKind kind = IncidentNoticeKind.Fired, int number = 1, string incident = "inc-1") => new()
    {
        IncidentId = incident,
        Episode = 1,
        Number = number,
        Kind = kind,
        Cause = "line:acme/web@main/main-ci",
        CauseKind = CauseKinds.Line,
        Severity = IncidentSeverity.Warning,
        Title = "main-ci is red on acme/web main",
        Summary = "Build 311 failed, 40 items wait behind it.",
        NextAction = "Fix or revert 9f2c.",
        Since = Now - TimeSpan.FromMinutes(125),
        At = Now,
        Count = 40,
        OldestItemId = "BL-42",
        OldestItemTitle = "Fix login",
        Items = ["BL-42", "BL-43"],
        Owner = "team-web",
        Gate = "main-ci",
        Repository = "acme/web",
        Branch = "main",
        Priority = "P1",
        Evidence = new Uri("https://ci.example.org/job/web/311/?a=1&b=2"),
        By = kind == IncidentNoticeKind.Acknowledged ? "ada" : null,
        NextNoticeBy = kind == IncidentNoticeKind.Resolved ? null : Now + TimeSpan.FromHours(4),
    };

    /// <summary>Everything that a source can write, written by an enemy.</summary>
    public static IncidentNotice Hostile(IncidentNoticeKind kind = IncidentNoticeKind.Fired)
    {
        const string Bad = "<!channel> <b>&amp;</b> @here @all ```\u001B[31mred\u001B[0m\u202Egnp.exe\u200B\r\nsecond | [x](http://evil.example) \uD800 \0";
        return Of(kind) with
        {
            Title = new string('x', 1_000_000) + Bad,
            Summary = Bad + new string('&', 1_000_000),
            NextAction = Bad,
            OldestItemId = Bad,
            OldestItemTitle = Bad,
            Items = [Bad, .. Enumerable.Repeat(new string('\u001B', 10_000), 20)],
            Owner = Bad,
            Gate = Bad,
            Repository = Bad,
            Branch = Bad,
            Environment = Bad,
            Source = Bad,
            Priority = Bad,
            By = Bad,
            Evidence = new Uri("javascript:alert(1)"),
        };
    }

    public static Pulse Pulse(string source, DateTimeOffset at) => new() { Source = source, At = at, LastGoodPollAt = at - TimeSpan.FromSeconds(10), Lag = TimeSpan.FromSeconds(1.5), Cursor = "42" };
}
