using System.Collections.Concurrent;
using ClosedLoop.Alerting.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClosedLoop.Alerting.Tests.Sinks;

/// <summary>Sinks as a host makes them, and everything that they log.</summary>
internal sealed class SinkHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    public SinkHost(Action<AlertingBuilder> configure, TimeProvider? time = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton(time ?? new QuickTime());
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        configure(new AlertingBuilder(services));
        _services = services.BuildServiceProvider();
    }

    public CapturedLog Log { get; } = new();

    public IServiceProvider Services => _services;

    public IIncidentSink Sink => _services.GetServices<IIncidentSink>().Single();

    public IStandingSink Standing => (IStandingSink)Sink;

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    internal sealed class CapturedLog : ILoggerProvider
    {
        public ConcurrentQueue<(LogLevel Level, string Text, IReadOnlyList<KeyValuePair<string, object?>> Fields)> Lines { get; } = [];

        public ILogger CreateLogger(string categoryName) => new Logger(this);

        public void Dispose()
        {
        }

        private sealed class Logger(CapturedLog log) : ILogger
        {
            public IDisposable? BeginScope<TState>(TState state)
                where TState : notnull
            {
                log.Lines.Enqueue((LogLevel.Trace, state.ToString() ?? "", []));
                return null;
            }

            public bool IsEnabled(LogLevel logLevel) => true;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
                log.Lines.Enqueue((logLevel, formatter(state, exception) + exception, state as IReadOnlyList<KeyValuePair<string, object?>> ?? []));
        }
    }
}
