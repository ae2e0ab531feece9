using ClosedLoop.Facts;

namespace ClosedLoop.Cli.Writing;

/// <summary>Writes to a record, wherever it is.</summary>
internal interface IRecordWriter : IAsyncDisposable
{
    /// <summary>A named person records a gate as passed by hand.</summary>
    /// <returns>Null when it was recorded, else why not.</returns>
    ValueTask<string?> RecordByHandAsync(string itemId, string gate, string person, string reason, Evidence? evidence, CancellationToken cancellationToken);

    /// <summary>A named person waives a gate.</summary>
    /// <returns>Null when it was recorded, else why not.</returns>
    ValueTask<string?> WaiveAsync(string itemId, string gate, string person, string reason, CancellationToken cancellationToken);

    /// <summary>An agent records a gate; the record refuses those that it does not own.</summary>
    /// <returns>Null when it was recorded, else why not.</returns>
    ValueTask<string?> RecordAsAgentAsync(string itemId, string gate, string agent, GateStatus status, Evidence evidence, string? detail, CancellationToken cancellationToken);
}
