using System.CommandLine;
using System.CommandLine.Completions;
using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ClosedLoop.Cli.Reading;
using ClosedLoop.Cli.Showing;
using ClosedLoop.Cli.Targets;
using ClosedLoop.Migration;
using ClosedLoop.Storage;

namespace ClosedLoop.Cli.Commands;

/// <summary>What commands have in common: which record, how failures are told, how JSON is written.</summary>
internal sealed class CommandKit(CliEnvironment environment, TargetOptions targets)
{
    private const int MaxCompletions = 30;
    private static readonly TimeSpan CompletionPatience = TimeSpan.FromMilliseconds(700);

    public CliEnvironment Environment => environment;

    public static Option<bool> JsonOption(string what = "Prints JSON and nothing else") => new("--json") { Description = $"{what}; its shape is stable (docs/cli.md)." };

    /// <summary>An item's id as an argument, completed from the record when that answers quickly.</summary>
    public Argument<string> ItemArgument(ArgumentArity? arity = null)
    {
        var item = new Argument<string>("ITEM") { Description = "The item's id, such as BL-42." };
        if (arity is { } other) item.Arity = other;
        item.CompletionSources.Add(Complete);
        return item;
    }

    public static Argument<string> GateArgument()
    {
        var gate = new Argument<string>("GATE") { Description = "The gate's name, such as main-ci." };
        gate.CompletionSources.Add([.. Gates.Default]);
        return gate;
    }

    /// <summary>Lets a command read a record.</summary>
    public Command Reads(Command command, Func<IRecordReader, Target, ParseResult, CancellationToken, Task<int>> run) => Does(command, async (parsed, cancellationToken) =>
    {
        var target = targets.Resolve(parsed, environment);
        var reader = await target.OpenAsync(environment, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false)) return await run(reader, target, parsed, cancellationToken).ConfigureAwait(false);
    });

    /// <summary>Lets a command do something with a record that it opens itself.</summary>
    public Command Does(Command command, Func<Target, ParseResult, CancellationToken, Task<int>> run, bool mayCreate = false) =>
        Does(command, (parsed, cancellationToken) => run(targets.Resolve(parsed, environment, mayCreate), parsed, cancellationToken));

    public void WriteJson<T>(T value, JsonTypeInfo<T> type) => environment.Output.WriteLine(JsonSerializer.Serialize(value, type));

    private Command Does(Command command, Func<ParseResult, CancellationToken, Task<int>> run)
    {
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await run(parsed, cancellationToken).ConfigureAwait(false);
            }
            catch (CommandFailure e)
            {
                return await FailAsync(e.Message, e.ExitCode).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return ExitCodes.Stopped;
            }
            // What a store says of itself says already what happened, where, and what to do.
            catch (Exception e) when (e is StoreUnavailableException or StoreVersionException or InvalidOperationException or ArgumentException or GitHistoryException or IOException or UnauthorizedAccessException)
            {
                return await FailAsync(Advised(e), ExitCodes.Failed).ConfigureAwait(false);
            }
            catch (DbException e)
            {
                return await FailAsync($"The store cannot be read: {e.Message} Is that the record's file or database?", ExitCodes.Failed).ConfigureAwait(false);
            }
        });
        return command;
    }

    private static string Advised(Exception e) => e is StoreUnavailableException && e.Message.Contains("open for writing", StringComparison.Ordinal)
        ? $"{e.Message} To write while the service runs, go through it: --url https://…/."
        : e.Message;

    private async Task<int> FailAsync(string message, int code)
    {
        await environment.Error.WriteLineAsync(Plain.Line(message, 2_000)).ConfigureAwait(false);
        return code;
    }

    // Whoever presses a key does not wait: what does not answer at once completes nothing.
    private IEnumerable<CompletionItem> Complete(CompletionContext context)
    {
        try
        {
            using var patience = new CancellationTokenSource(CompletionPatience);
            return Task.Run(() => CompleteAsync(context, patience.Token), patience.Token).WaitAsync(CompletionPatience, environment.Time).GetAwaiter().GetResult();
        }
#pragma warning disable CA1031 // Whatever fails while a key is pressed completes nothing; the command itself says what is wrong.
        catch (Exception)
#pragma warning restore CA1031
        {
            return [];
        }
    }

    private async Task<IEnumerable<CompletionItem>> CompleteAsync(CompletionContext context, CancellationToken cancellationToken)
    {
        var target = targets.Resolve(context.ParseResult, environment);
        var reader = await target.OpenAsync(environment, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            string word = context.WordToComplete;
            var page = await reader.ListAsync(new ItemFilter { Text = word.Length == 0 ? null : word }, null, MaxCompletions, cancellationToken).ConfigureAwait(false);
            return [.. page.Items.Where(i => i.Id.StartsWith(word, StringComparison.OrdinalIgnoreCase) && Plain.Line(i.Id, 500) == i.Id).Select(static i => new CompletionItem(i.Id, detail: Plain.Line(i.Title, 60)))];
        }
    }
}
