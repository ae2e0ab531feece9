using ClosedLoop.Cli.Reading;
using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Writing;

/// <summary>Writes into a store, without the engine.</summary>
internal sealed class StoreWriter(OpenStore open) : IRecordWriter
{
    private readonly IClosedLoop _loop = open.Get<IClosedLoop>();

    public async ValueTask<string?> RecordByHandAsync(string itemId, string gate, string person, string reason, Evidence? evidence, CancellationToken cancellationToken) =>
        Refusal(await _loop.As(Writer.Person(person)).RecordByHandAsync(itemId, gate, person, reason, evidence, cancellationToken).ConfigureAwait(false));

    public async ValueTask<string?> WaiveAsync(string itemId, string gate, string person, string reason, CancellationToken cancellationToken) =>
        Refusal(await _loop.As(Writer.Person(person)).WaiveAsync(itemId, gate, person, reason, cancellationToken).ConfigureAwait(false));

    public async ValueTask<string?> RecordAsAgentAsync(string itemId, string gate, string agent, GateStatus status, Evidence evidence, string? detail, CancellationToken cancellationToken) =>
        Refusal(await _loop.As(Writer.Agent(agent)).RecordAsync(itemId, gate, status, evidence, detail, cancellationToken).ConfigureAwait(false));

    public ValueTask DisposeAsync() => open.DisposeAsync();

    private static string? Refusal(RecordResult result) => result.IsRecorded ? null : result.Refusal ?? "The record did not take it.";
}
