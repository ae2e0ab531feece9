namespace ClosedLoop.LoadRig.History;

/// <summary>Whether intake, claims, board and the search for what is due slow down as completed history grows (guarantee G7): a file beside a smaller one.</summary>
internal sealed class HistoryScenario : IScenario
{
    private const int Producers = 64, Fewer = 10_000;

    public string Name => "history";

    public string Summary => "intake, claims, board and due query on a file with N completed items, beside the same on a file with fewer";

    public IReadOnlyList<Option> Options =>
    [
        new("items", "10000,100000", "completed items N; or two numbers: of the file beside, and N"),
        new("made", "intake", "how: intake, all of them; or copies: 2,000 by the intake, the others as copies of the rows that it leaves"),
        new("open", "2000", "open items in each file"),
        new("fresh", "100", "fresh items per round of intake"),
        new("repeats", "20", "reads per round"),
        new("rounds", "7", "measured rounds"),
    ];

    public async Task<IReadOnlyList<Row>> RunAsync(Arguments arguments, TextWriter log)
    {
        var (few, many) = arguments.Numbers("items") switch
        {
            [int one] when one > Fewer => (Fewer, one),
            [int one, int other] => (one, other),
            _ => throw new ArgumentException($"--items takes a number above {Fewer}, or two, such as 10000,100000."),
        };
        int open = arguments.Number("open"), fresh = arguments.Number("fresh"), repeats = arguments.Number("repeats"), rounds = arguments.Number("rounds");
        string made = arguments.Text("made");
        if (made is not ("intake" or "copies")) throw new ArgumentException($"--made knows no '{made}'; use intake or copies.");
        await using var small = await CreateAsync(few);
        await using var large = await CreateAsync(many);
        string twin = $"the same on a file with {few} completed items";
        int ourRows = 0, theirRows = 0;
        var board = await Duel.RunAsync(rounds, () => large.BoardAsync(repeats), () => small.BoardAsync(repeats));
        var due = await Duel.RunAsync(rounds, () => large.DueAsync(repeats, open), () => small.DueAsync(repeats, open));
        var claim = await Duel.RunAsync(rounds, () => ClaimAsync(large, r => ourRows = r), () => ClaimAsync(small, r => theirRows = r));
        ClaimFailedException.Unless(ourRows == theirRows && ourRows >= open, $"{ourRows} and {theirRows} rows were claimed.");
        var intake = await Duel.RunAsync(rounds, () => large.IntakeAsync(fresh, Producers), () => small.IntakeAsync(fresh, Producers));
        var figures = new Dictionary<string, double>();
        Row[] rows =
        [
            board.Time($"board, {many}", twin, "us", 1e6, repeats),
            due.Time($"next wake and 50 late items, {many}", twin, "us", 1e6, repeats),
            claim.Time($"claim of {ourRows} due rows, {many}", twin, "us/row", 1e6, ourRows),
            intake.Time($"intake of {fresh} fresh items, {many}", twin, "ms/item", 1e3, fresh, figures),
        ];
        figures["items"] = many;
        figures["due_rows"] = ourRows;
        figures["fill_seconds"] = large.FillSeconds;
        figures["file_bytes"] = large.Bytes;
        figures["board_ratio"] = rows[0].TimeRatio.Median;
        figures["due_ratio"] = rows[1].TimeRatio.Median;
        figures["claim_ratio"] = rows[2].TimeRatio.Median;
        figures["intake_ratio"] = rows[3].TimeRatio.Median;
        return rows;

        async Task<RecordFile> CreateAsync(int completed)
        {
            await log.WriteLineAsync($"filling a file with {completed} completed items");
            var file = await RecordFile.CreateAsync(new RecordFill(completed, open, RecordFill.RateFor(many), Copies: made == "copies"));
            await log.WriteLineAsync($"  {file.FillSeconds:F0} s, {file.Bytes} bytes");
            return file;
        }

        static async Task<double> ClaimAsync(RecordFile file, Action<int> tell)
        {
            (double seconds, int rows) = await file.ClaimAsync();
            tell(rows);
            return seconds;
        }
    }
}
