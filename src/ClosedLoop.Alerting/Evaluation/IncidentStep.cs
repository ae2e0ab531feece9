using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>What one look at a cause makes of its incident.</summary>
/// <param name="Incident">The incident after it.</param>
/// <param name="Notice">The kind of notice to send; null for none.</param>
/// <param name="NextAt">When time alone changes something; null when it does not.</param>
internal readonly record struct IncidentStep(Incident Incident, IncidentNoticeKind? Notice, DateTimeOffset? NextAt);
