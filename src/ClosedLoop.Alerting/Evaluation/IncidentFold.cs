using System.Security.Cryptography;
using System.Text;
using ClosedLoop.Alerting.Causes;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>
/// The life of an incident, one look at a time. Pure: no clock but the instant, no I/O. It fires once, repeats by severity, which grows with
/// age and count, and is resolved once, when several looks in a row found its cause gone; each time it comes back soon, twice as many.
/// </summary>
internal static class IncidentFold
{
    private const int MostDoublings = 6;

    public static string IdOf(string cause) => $"inc-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(cause)).AsSpan(0, 8))}";

    /// <summary>The cause holds.</summary>
    public static IncidentStep Seen(Incident? known, CauseView seen, HandOffRule? handOff, AlertingOptions options, DateTimeOffset now)
    {
        var incident = known is { IsOpen: true } ? known : Begin(known, seen, handOff, options, now);
        incident = Describe(incident, seen, options, now);
        if (incident is { State: IncidentState.Silenced, SilencedUntil: { } until } && until <= now)
            incident = incident with { State = IncidentState.Firing, SilencedUntil = null };
        // Closed by hand: quiet for as long as this very cause lasts.
        if (incident.State == IncidentState.Closed) return new IncidentStep(incident, null, null);
        if (incident.State == IncidentState.Silenced) return new IncidentStep(incident, null, incident.SilencedUntil);
        if (incident is { IsTold: false, HandOff: { Answer: not HandOffAnswer.Declined } handed } && now < handed.Until && incident.Severity < IncidentSeverity.Critical)
            return new IncidentStep(incident, null, Earlier(handed.Until, SeverityRule.NextRise(incident, options)));

        var ready = incident.ToldAt + SeverityRule.RepeatEvery(incident.Severity, options);
        bool worse = incident.Severity > incident.ToldSeverity;
        bool quiet = incident is { IsTold: true, State: IncidentState.Acknowledged } && !worse;
        if (ready > now || quiet) return new IncidentStep(incident, null, Earlier(quiet ? null : ready, SeverityRule.NextRise(incident, options)));
        var kind = !incident.IsTold ? IncidentNoticeKind.Fired : worse ? IncidentNoticeKind.Escalated : IncidentNoticeKind.Repeated;
        incident = incident with { IsTold = true, ToldAt = now, ToldSeverity = incident.Severity };
        return new IncidentStep(incident, kind, Earlier(now + SeverityRule.RepeatEvery(incident.Severity, options), SeverityRule.NextRise(incident, options)));
    }

    /// <summary>The cause is gone, as far as can be seen.</summary>
    public static IncidentStep Gone(Incident known, AlertingOptions options, DateTimeOffset now)
    {
        if (!known.IsOpen) return new IncidentStep(known, null, null);
        // Several looks at one instant are one look.
        bool counts = known.HealthyLookAt is not { } last || now >= last + options.LookInterval;
        var incident = counts ? known with { HealthyLooks = known.HealthyLooks + 1, HealthyLookAt = now } : known;
        if (incident.HealthyLooks < LooksNeeded(incident, options)) return new IncidentStep(incident, null, incident.HealthyLookAt + options.LookInterval);
        bool tells = incident.IsTold && incident.State != IncidentState.Closed;
        incident = incident with { State = IncidentState.Resolved, EndedAt = now, HealthyLooks = 0, HealthyLookAt = null, IsTold = false, SilencedUntil = null };
        return new IncidentStep(incident, tells || HandedOver(known) ? IncidentNoticeKind.Resolved : null, null);
    }

    private static bool HandedOver(Incident incident) => incident is { HandOff: not null, State: not IncidentState.Closed };

    private static int LooksNeeded(Incident incident, AlertingOptions options) => options.HealthyLooks << Math.Min(incident.Flaps, MostDoublings);

    private static Incident Begin(Incident? before, CauseView seen, HandOffRule? handOff, AlertingOptions options, DateTimeOffset now)
    {
        bool soon = before?.EndedAt is { } ended && now - ended < options.FlapWindow;
        var cause = seen.Cause;
        return new Incident
        {
            Id = IdOf(cause.Key),
            Cause = cause.Key,
            CauseKind = cause.Kind,
            State = IncidentState.Firing,
            Severity = IncidentSeverity.Warning,
            Title = seen.Title,
            Summary = seen.Summary,
            NextAction = seen.NextAction,
            Since = seen.Since,
            FiredAt = now,
            LastSeenAt = now,
            Gate = cause.Gate,
            Repository = cause.Repository,
            Branch = cause.Branch,
            Environment = cause.Environment,
            Source = cause.Source,
            Episode = (before?.Episode ?? 0) + 1,
            Flaps = soon ? before!.Flaps + 1 : 0,
            Notices = before?.Notices ?? 0,
            EarlierNotices = before?.Notices ?? 0,
            // What comes back soon is not told sooner than it would have been repeated.
            ToldAt = soon ? before!.ToldAt : null,
            HandOff = handOff is null ? null : new HandOff(handOff.Name, now, now + handOff.Within),
            Sent = before?.Sent ?? System.Collections.Immutable.ImmutableSortedDictionary<string, int>.Empty,
        };
    }

    private static Incident Describe(Incident incident, CauseView seen, AlertingOptions options, DateTimeOffset now)
    {
        var severity = SeverityRule.Of(seen, options, now);
        return incident with
        {
            Severity = severity > incident.Severity ? severity : incident.Severity,
            Title = seen.Title,
            Summary = seen.Summary,
            NextAction = seen.NextAction,
            // As its sentence says: what is over no longer makes it old.
            Since = seen.Since,
            LastSeenAt = now,
            EndedAt = incident.State == IncidentState.Closed ? incident.EndedAt : null,
            Count = seen.Count,
            OldestItemId = seen.Oldest?.ItemId,
            OldestItemTitle = seen.Oldest?.Title is { } title ? CauseText.Cut(title) : null,
            Items = seen.Items,
            Priority = seen.Priority,
            Evidence = seen.Evidence,
            Owner = options.Owners.FirstOrDefault(rule => rule.Matches(seen.Cause.Gate, seen.Cause.Repository, seen.Priority))?.Owner,
            HealthyLooks = 0,
            HealthyLookAt = null,
        };
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? a, DateTimeOffset? b) => a is null ? b : b is null || a < b ? a : b;
}
