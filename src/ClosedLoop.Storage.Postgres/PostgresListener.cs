using Microsoft.Extensions.Logging;
using Npgsql;

namespace ClosedLoop.Storage.Postgres;

/// <summary>Hears the hints of all nodes on a connection of its own and passes them on. What was missed while it was not connected is made up by one more hint.</summary>
internal sealed partial class PostgresListener : IAsyncDisposable
{
    private const int KeepAliveSeconds = 30;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _stop = new();
    private readonly string _connectionString;
    private readonly string _place;
    private readonly IStoreSignal _signal;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _loop;

    public PostgresListener(NpgsqlConnectionStringBuilder connection, string place, IStoreSignal signal, TimeProvider time, ILogger logger)
    {
        _connectionString = new NpgsqlConnectionStringBuilder(connection.ConnectionString)
        {
            Pooling = false,
            // Without it a connection that a router forgot stays silent for ever.
            KeepAlive = KeepAliveSeconds,
            ApplicationName = $"{connection.ApplicationName} listener",
        }.ConnectionString;
        (_place, _signal, _time, _logger) = (place, signal, time, logger);
        _loop = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var pause = FirstPause;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var connection = new NpgsqlConnection(_connectionString);
                await using (connection.ConfigureAwait(false))
                {
                    await connection.OpenAsync(_stop.Token).ConfigureAwait(false);
                    connection.Notification += (_, _) => _signal.Changed();
                    await Pipeline.ListAsync(connection, PostgresStatements.Listen, [], static _ => true, _stop.Token).ConfigureAwait(false);
                    _signal.Changed();
                    pause = FirstPause;
                    while (true) await connection.WaitAsync(_stop.Token).ConfigureAwait(false);
                }
            }
            catch (Exception) when (_stop.IsCancellationRequested)
            {
                return;
            }
            // Whatever it was: hints are a convenience, and the loops look by themselves meanwhile.
            catch (Exception exception)
            {
                LogLost(_logger, _place, exception.Message, pause.TotalSeconds);
            }
            try
            {
                await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The connection that hears of other nodes' changes on {Place} was lost ({Reason}); next attempt in {Seconds} s. Until then changes are noticed by polling")]
    private static partial void LogLost(ILogger logger, string place, string reason, double seconds);
}
