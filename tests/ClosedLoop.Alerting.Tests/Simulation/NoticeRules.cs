using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Tests.Simulation;

/// <summary>What must hold of any sequence of notices, whatever happened.</summary>
internal static class NoticeRules
{
    public static void Check(IReadOnlyList<IncidentNotice> notices, AlertingOptions options)
    {
        foreach (var cause in notices.GroupBy(static n => n.IncidentId))
        {
            var all = cause.OrderBy(static n => n.Number).ToList();
            Assert.Equal(Enumerable.Range(1, all.Count), all.Select(static n => n.Number));
            Assert.Equal(all.Count, all.Select(static n => n.IdempotencyKey).Distinct().Count());
            IncidentNotice? told = null;
            bool isOpen = false;
            foreach (var notice in all)
            {
                if (notice.Kind == IncidentNoticeKind.Resolved)
                {
                    Assert.True(isOpen, $"{notice.Cause} was resolved twice, or without having fired: {notice.IdempotencyKey}");
                    isOpen = false;
                    continue;
                }
                Assert.Equal(isOpen, notice.Kind != IncidentNoticeKind.Fired);
                isOpen = true;
                // A cause that comes back long after is a new matter.
                if (told is not null && (told.Episode == notice.Episode || notice.At - told.At < options.RepeatCriticalEvery))
                    Assert.True(notice.At - told.At >= RepeatEvery(notice.Severity, options), $"{notice.Cause} was told at {told.At:u} and again at {notice.At:u} ({notice.Severity})");
                told = notice;
            }
        }
    }

    private static TimeSpan RepeatEvery(IncidentSeverity severity, AlertingOptions options) => severity switch
    {
        IncidentSeverity.Critical => options.RepeatCriticalEvery,
        IncidentSeverity.Error => options.RepeatErrorEvery,
        _ => options.RepeatWarningEvery,
    };
}
