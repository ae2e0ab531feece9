using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli.Writing;

internal static class RecordWriters
{
    /// <summary>Opens a record for writing.</summary>
    public static async ValueTask<IRecordWriter> OpenForWritingAsync(this Target target, CliEnvironment environment, CancellationToken cancellationToken) => target.Url is not null
        ? new HttpWriter(new ServiceApi(target))
        : new StoreWriter(await OpenStore.ForWritingAsync(target, environment, mayCreate: false, cancellationToken).ConfigureAwait(false));
}
