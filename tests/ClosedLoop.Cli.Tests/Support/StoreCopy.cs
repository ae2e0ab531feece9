using ClosedLoop.Pipelines;

namespace ClosedLoop.Cli.Tests.Support;

/// <summary>The same record without a service: a file that nobody else has open.</summary>
internal sealed class StoreCopy : IAsyncDisposable
{
    private readonly TimeProvider _time;

    private StoreCopy(string folder, TimeProvider time) => (Folder, _time) = (folder, time);

    public string Folder { get; }

    public string File => Path.Combine(Folder, "closedloop.db");

    public static async Task<StoreCopy> CreateAsync(Action<PipelineBuilder>? pipeline = null)
    {
        string folder = Directory.CreateTempSubdirectory("closedloop-copy-").FullName;
        await using var record = await TestRecord.StartAsync(loop =>
        {
            if (pipeline is not null) loop.AddPipeline("delivery", pipeline);
        });
        await record.CloseAsync();
        System.IO.File.Copy(record.File, Path.Combine(folder, "closedloop.db"));
        return new StoreCopy(folder, record.Time);
    }

    public Task<Typed> TypeAsync(params string[] line) => line[0].EndsWith(".json", StringComparison.Ordinal)
        ? Typed.LineAsync(_time, Folder, null, [.. line[1..], "--config", line[0]])
        : Typed.LineAsync(_time, Folder, null, line);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
