using System.Globalization;
using ClosedLoop.Alerting.Incidents;

namespace ClosedLoop.AspNetCore.Api.Incidents;

/// <summary>
/// Where an incident stands in the list: open ones first, the worst first, then the oldest. A page goes on after a place, not after a
/// number of incidents, so that those that come or go meanwhile neither double nor hide another.
/// </summary>
internal readonly record struct IncidentPlace(bool IsOpen, int Severity, long SinceTicks, string Id) : IComparable<IncidentPlace>
{
    public static IncidentPlace Of(Incident incident) => new(incident.IsOpen, (int)incident.Severity, incident.Since.UtcTicks, incident.Id);

    public int CompareTo(IncidentPlace other)
    {
        if (IsOpen != other.IsOpen) return IsOpen ? -1 : 1;
        if (Severity != other.Severity) return other.Severity.CompareTo(Severity);
        return SinceTicks != other.SinceTicks ? SinceTicks.CompareTo(other.SinceTicks) : string.CompareOrdinal(Id, other.Id);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsOpen ? 1 : 0)}.{Severity}.{SinceTicks}.{Id}");

    public static bool TryParse(string text, out IncidentPlace place)
    {
        place = default;
        string[] parts = text.Split('.', 4);
        if (parts.Length != 4 || parts[0] is not ("0" or "1")) return false;
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int severity) || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks)) return false;
        place = new IncidentPlace(parts[0] == "1", severity, ticks, parts[3]);
        return true;
    }
}
