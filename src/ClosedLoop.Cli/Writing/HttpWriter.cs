using System.Text.Json;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Writing;

/// <summary>Writes through a service's API, as the writer that the token belongs to.</summary>
internal sealed class HttpWriter(ServiceApi api) : IRecordWriter
{
    public ValueTask<string?> RecordByHandAsync(string itemId, string gate, string person, string reason, Evidence? evidence, CancellationToken cancellationToken) =>
        PostAsync(itemId, new FactRequest(gate, "passed", reason, null, EvidenceBody.Of(evidence)), cancellationToken);

    public ValueTask<string?> WaiveAsync(string itemId, string gate, string person, string reason, CancellationToken cancellationToken) =>
        api.PostAsync($"items/{Uri.EscapeDataString(itemId)}/waivers", new WaiverRequest(gate, person, reason), CliJson.Default.WaiverRequest, cancellationToken);

    public ValueTask<string?> RecordAsAgentAsync(string itemId, string gate, string agent, GateStatus status, Evidence evidence, string? detail, CancellationToken cancellationToken) =>
        PostAsync(itemId, new FactRequest(gate, JsonNamingPolicy.CamelCase.ConvertName(status.ToString()), null, detail, EvidenceBody.Of(evidence)), cancellationToken);

    public ValueTask DisposeAsync()
    {
        api.Dispose();
        return ValueTask.CompletedTask;
    }

    private ValueTask<string?> PostAsync(string itemId, FactRequest fact, CancellationToken cancellationToken) =>
        api.PostAsync($"items/{Uri.EscapeDataString(itemId)}/facts", fact, CliJson.Default.FactRequest, cancellationToken);
}
