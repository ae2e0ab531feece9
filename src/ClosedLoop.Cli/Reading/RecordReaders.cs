using ClosedLoop.Cli.Targets;

namespace ClosedLoop.Cli.Reading;

internal static class RecordReaders
{
    /// <summary>Opens a record for reading.</summary>
    public static async ValueTask<IRecordReader> OpenAsync(this Target target, CliEnvironment environment, CancellationToken cancellationToken) => target.Url is not null
        ? new HttpReader(new ServiceApi(target), environment.Time)
        : new StoreReader(await OpenStore.ForReadingAsync(target, environment, cancellationToken).ConfigureAwait(false), target, environment.Time);
}
