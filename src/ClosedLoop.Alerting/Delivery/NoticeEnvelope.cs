using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.Alerting.Delivery;

/// <summary>A notice on its way to one sink.</summary>
/// <param name="Notice">The notice.</param>
/// <param name="Previous">The number of the incident's notice that the sink got before this one; 0: none.</param>
internal sealed record NoticeEnvelope(IncidentNotice Notice, int Previous);
