using System.CommandLine;
using ClosedLoop.AspNetCore.Api;
using ClosedLoop.Cli.Judging;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using Spectre.Console;

namespace ClosedLoop.Cli.Commands;

/// <summary><c>closedloop watch</c>: the transition log as it grows.</summary>
internal static class WatchCommand
{
    private const string Description = """
        Shows changes of the record as they are made, one line each, until Ctrl-C, --for, or, with --until-done, until the item is done.

        Exit codes: 0 after --for, or when the item is done; with --until-done otherwise the one that 'closedloop why' would give; 130 after Ctrl-C.
        """;

    public static Command Create(CommandKit kit)
    {
        var item = kit.ItemArgument(ArgumentArity.ZeroOrOne);
        item.Description = "Only this item; all when left out.";
        var json = CommandKit.JsonOption("Prints one JSON object on each line and nothing else");
        var after = new Option<long?>("--after") { Description = "Begins after this sequence number of the log; 0 is the start. Without it, at the end: only what is new.", HelpName = "SEQUENCE" };
        after.Validators.Add(static r =>
        {
            if (r.GetValueOrDefault<long?>() < 0) r.AddError("--after must be 0 or more.");
        });
        var @for = Durations.Option("--for", "Stops after this long.");
        var untilDone = new Option<bool>("--until-done") { Description = "Stops when the item is done or abandoned." };
        var command = new Command("watch", Description) { item, after, @for, untilDone, json };
        command.Validators.Add(r =>
        {
            if (r.GetValue(untilDone) && r.GetValue(item) is null) r.AddError("--until-done needs an ITEM.");
        });
        return kit.Reads(command, async (reader, target, parsed, cancellationToken) =>
        {
            string? id = parsed.GetValue(item);
            if (id is not null && await reader.FindAsync(id, cancellationToken).ConfigureAwait(false) is null)
                throw new CommandFailure(await Inquiry.UnknownAsync(reader, id, target.ToString(), cancellationToken).ConfigureAwait(false));
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var limit = new CancellationTokenSource(parsed.GetValue(@for) ?? Timeout.InfiniteTimeSpan, kit.Environment.Time);
            using var either = limit.Token.Register(stop.Cancel);
            string? awaited = parsed.GetValue(untilDone) ? id : null;
            try
            {
                long from = parsed.GetValue(after) ?? await reader.EndOfLogAsync(id, stop.Token).ConfigureAwait(false);
                await FollowAsync(kit, reader, id, from, parsed.GetValue(json), awaited, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                if (awaited is null) return ExitCodes.Done;
            }
            return await Inquiry.FindAsync(reader, awaited!, cancellationToken).ConfigureAwait(false) is { } inquiry ? (int)inquiry.Judgement.Verdict : ExitCodes.Failed;
        });
    }

    private static async ValueTask FollowAsync(CommandKit kit, IRecordReader reader, string? id, long after, bool json, string? awaited, CancellationToken cancellationToken)
    {
        var screen = Screen.Of(kit.Environment);
        await foreach (var transitions in reader.FollowAsync(id, after, cancellationToken).ConfigureAwait(false))
        {
            foreach (var transition in transitions) Write(kit, screen, transition, json, id is null);
            if (transitions.Count > 0)
            {
                after = transitions[^1].Sequence;
                await kit.Environment.Output.FlushAsync(cancellationToken).ConfigureAwait(false);
            }
            if (awaited is null || await reader.FindAsync(awaited, cancellationToken).ConfigureAwait(false) is not { } item || !(item.Done || item.Abandoned)) continue;
            // That it is done may be known before it was told how.
            await foreach (var transition in reader.LogAsync(awaited, after, cancellationToken).ConfigureAwait(false)) Write(kit, screen, transition, json, id is null);
            return;
        }
    }

    private static void Write(CommandKit kit, IAnsiConsole screen, TransitionBody transition, bool json, bool withItem)
    {
        if (json) kit.WriteJson(transition, CliJson.Default.TransitionBody);
        else TransitionLines.Write(screen, transition, kit.Environment.Time.GetUtcNow(), withItem);
    }
}
