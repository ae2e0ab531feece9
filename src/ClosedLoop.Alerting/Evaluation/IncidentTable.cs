using System.Text.Json;
using ClosedLoop.Alerting.Incidents;
using ClosedLoop.Storage;

namespace ClosedLoop.Alerting.Evaluation;

/// <summary>The stored incidents, with the version that each was read with. Not safe for use by several threads.</summary>
internal sealed class IncidentTable
{
    private readonly Dictionary<string, (Incident Incident, long Version)> _byCause = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (Incident Incident, long Version)> _changed = new(StringComparer.Ordinal);

    public IEnumerable<Incident> Open => _byCause.Values.Select(static i => i.Incident).Where(static i => i.IsOpen);

    public Incident? Find(string cause) => _byCause.TryGetValue(cause, out var found) ? found.Incident : null;

    public async ValueTask LoadAsync(ILoopStore store, CancellationToken cancellationToken)
    {
        _byCause.Clear();
        _changed.Clear();
        await foreach (var document in store.DocumentsAsync(DocumentNames.Incidents, cancellationToken).ConfigureAwait(false))
            if (Read(document) is { } incident) _byCause[incident.Cause] = (incident, document.Version);
    }

    public void Put(Incident incident)
    {
        long version = _byCause.TryGetValue(incident.Cause, out var before) ? before.Version : 0;
        if (before.Incident == incident) return;
        _byCause[incident.Cause] = (incident, version);
        _changed[incident.Cause] = (incident, version);
    }

    /// <summary>What is to be stored.</summary>
    public IEnumerable<DocumentChange> Changes() =>
        _changed.Values.Select(static c => new DocumentChange(DocumentNames.Incident(c.Incident.Id), Write(c.Incident), c.Version));

    /// <summary>It was stored.</summary>
    public void Stored()
    {
        foreach (var (cause, (incident, version)) in _changed) _byCause[cause] = (incident, version + 1);
        _changed.Clear();
    }

    public static string Write(Incident incident) => JsonSerializer.Serialize(incident, AlertingJson.Default.Incident);

    public static Incident? Read(StoredDocument document) => JsonSerializer.Deserialize(document.Body, AlertingJson.Default.Incident);
}
