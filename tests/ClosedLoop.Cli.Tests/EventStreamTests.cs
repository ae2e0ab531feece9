using System.IO.Pipelines;
using System.Text;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Testing.Time;

namespace ClosedLoop.Cli.Tests;

public sealed class EventStreamTests
{
    private readonly ManualTimeProvider _time = new();

    [Theory]
    [InlineData("retry: 2000\n\nid: 1\nevent: transition\ndata: {\"sequence\":1}\n\n: here\n\nid: 2\ndata: {\"sequence\":2}\n\n")]
    [InlineData("retry: 2000\r\n\r\ndata:{\"sequence\":1}\r\n\r\n:\r\n\r\ndata: {\"sequence\":\r\ndata: 2}\r\n\r\n")]
    [InlineData("data: {\"sequence\":1}\n\n\n\ndata: {\"sequence\":2}\n\ndata: {\"sequence\":3}\n")]
    public async Task Events_come_one_by_one_however_they_are_cut_and_what_the_end_cuts_off_is_none(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        foreach (int piece in (int[])[1, 3, 7, bytes.Length])
        {
            var pipe = new Pipe();
            await using var events = new EventStream(pipe.Reader.AsStream(), _time);
            for (int i = 0; i < bytes.Length; i += piece) await pipe.Writer.WriteAsync(bytes.AsMemory(i, Math.Min(piece, bytes.Length - i)));
            await pipe.Writer.CompleteAsync();
            var read = new List<string>();
            while (await events.NextAsync(default) is { } data) read.Add(Encoding.UTF8.GetString(data.Span).Replace("\n", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
            Assert.Equal(["{\"sequence\":1}", "{\"sequence\":2}"], read);
        }
    }

    [Fact]
    public async Task A_service_that_says_nothing_for_40_s_is_gone_and_one_that_only_lives_is_not()
    {
        var pipe = new Pipe();
        await using var events = new EventStream(pipe.Reader.AsStream(), _time);
        var next = events.NextAsync(default).AsTask();
        for (int i = 0; i < 4; i++)
        {
            // The sign of life was heard when the wait begins anew from now on.
            await WaitsFromNowAsync();
            _time.Advance(TimeSpan.FromSeconds(15));
            await pipe.Writer.WriteAsync(": here\n\n"u8.ToArray());
        }
        await WaitsFromNowAsync();
        Assert.False(next.IsCompleted);
        _time.Advance(EventStream.Patience);
        Assert.Null(await next);

        async Task WaitsFromNowAsync()
        {
            while (_time.NextTimerAt != _time.GetUtcNow() + EventStream.Patience)
            {
                Assert.False(next.IsCompleted);
                await Task.Yield();
            }
        }
    }

    [Fact]
    public async Task An_event_without_end_is_given_up()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using var events = new EventStream(pipe.Reader.AsStream(), _time);
        await pipe.Writer.WriteAsync("data: "u8.ToArray());
        await pipe.Writer.WriteAsync(new byte[EventStream.MaxEvent]);
        Assert.Null(await events.NextAsync(default));
    }

    [Fact]
    public async Task Who_stops_waiting_is_told_so()
    {
        var pipe = new Pipe();
        await using var events = new EventStream(pipe.Reader.AsStream(), _time);
        using var stop = new CancellationTokenSource();
        var next = events.NextAsync(stop.Token).AsTask();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }
}
