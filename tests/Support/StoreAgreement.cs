using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Storage.Tests;

/// <summary>The in-memory store is the reference: any sequence of operations, read from bytes so that FsCheck can shrink it, gives the same answers from both.</summary>
internal static class StoreAgreement
{
    public static async Task RunAsync(byte[] bytes, ILoopStore store)
    {
        var sides = new[] { new Side(new InMemoryLoopStore()), new Side(store) };
        var script = new Script(bytes);
        for (int step = 0; script.Remaining > 0; step++)
        {
            var operation = script.Next();
            string expected = await operation(sides[0]), actual = await operation(sides[1]);
            Assert.True(expected == actual, $"step {step}: the reference says\n{expected}\n{store.GetType().Name} says\n{actual}");
        }
        foreach (var operation in Script.FinalLook)
            Assert.Equal(await operation(sides[0]), await operation(sides[1]));
    }

    /// <summary>A store with what it has handed out; tokens are each store's own and never compared.</summary>
    private sealed class Side(ILoopStore store)
    {
        public ILoopStore Store { get; } = store;

        public List<DueClaim> Due { get; } = [];

        public List<OutboxClaim> Outbox { get; } = [];

        public object? Token { get; set; }
    }

    private sealed class Script(byte[] bytes)
    {
        private static readonly DateTimeOffset T0 = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

        private static readonly Key[] Keys =
        [
            Key.Item("a"), Key.Item("b"), Key.PullRequest("acme/web", 1), Key.PullRequest("acme/web", 2), Key.Item("pr:acme/web#1"), Key.Commit("acme/web", "c1"),
            Key.Commit("acme/web", "c2"), Key.Branch("acme/web", "main"), Key.Build("https://ci.example/1"), Key.Image("sha256:1"), Key.Item("pr:acme/web#2"),
        ];

        private int _at;

        public int Remaining => bytes.Length - _at;

        public static IEnumerable<Func<Side, Task<string>>> FinalLook =>
        [
            side => LoadAsync(side, Keys),
            side => ListAsync(side, new ItemQuery { Limit = 500 }),
            LookAsync,
            side => ClaimAsync(side, T0.AddDays(9), 1000, null),
            side => ClaimOutboxAsync(side, T0.AddDays(9), 1000),
        ];

        public Func<Side, Task<string>> Next()
        {
            switch (Pick(15))
            {
                case 0:
                case 1:
                case 2:
                    return Commit();
                case 3:
                    Key[] wanted = [.. Enumerable.Range(0, Pick(3)).Select(_ => PickOf(Keys))];
                    return side => LoadAsync(side, wanted);
                case 4:
                case 5:
                {
                    var (now, limit, kind) = (Instant(), Pick(5), PickOf<string?>(null, null, "probe:x", DueKinds.Sla));
                    return side => ClaimAsync(side, now, limit, kind);
                }
                case 6:
                case 7:
                {
                    var change = Due();
                    int claim = Pick(8);
                    return async side =>
                    {
                        if (side.Due.Count == 0) return "no claim";
                        var held = side.Due[^Math.Min(claim + 1, side.Due.Count)];
                        return $"{(await side.Store.CommitAsync(new StoreCommit { At = T0, Due = [change with { Subject = held.Subject, Kind = held.Kind, Token = held.Token }] }, default)).Outcome}";
                    };
                }
                case 8:
                {
                    var (now, limit) = (Instant(), Pick(4));
                    return side => ClaimOutboxAsync(side, now, limit);
                }
                case 9:
                {
                    int claim = Pick(6);
                    var retryAt = PickOf<DateTimeOffset?>(null, Instant());
                    string? error = PickOf<string?>(null, "failed");
                    return async side =>
                    {
                        if (side.Outbox.Count == 0) return "no claim";
                        var held = side.Outbox[^Math.Min(claim + 1, side.Outbox.Count)];
                        await side.Store.CompleteOutboxAsync([new OutboxCompletion { IdempotencyKey = held.Message.IdempotencyKey, Token = held.Token, RetryAt = retryAt, Error = error }], default);
                        return "completed";
                    };
                }
                case 10:
                {
                    var query = new ItemQuery
                    {
                        Pipeline = PickOf<string?>(null, "p"),
                        WaitingOn = PickOf<string?>(null, null, "merged"),
                        CurrentGate = PickOf<string?>(null, null, null, "", "merged"),
                        Repository = PickOf<string?>(null, null, null, "acme/web"),
                        Agent = PickOf<string?>(null, null, null, "builder"),
                        Priority = PickOf<string?>(null, null, null, "P1"),
                        IsDone = PickOf<bool?>(null, true, false),
                        IsOpen = PickOf<bool?>(null, null, true, false),
                        Order = PickOf(ItemOrder.NewestChange, ItemOrder.NewestChange, ItemOrder.LongestWaiting),
                        OverdueAt = PickOf<DateTimeOffset?>(null, null, Instant()),
                        Text = PickOf<string?>(null, null, "A", "pr:"),
                        Limit = Pick(4),
                    };
                    return side => ListAsync(side, query);
                }
                case 11:
                {
                    var (board, now) = (new BoardQuery { Pipeline = PickOf<string?>(null, "p"), Repository = PickOf<string?>(null, "acme/web"), Agent = PickOf<string?>(null, "builder"), Priority = PickOf<string?>(null, "P1") }, Instant());
                    return async side => string.Join('\n', await side.Store.CountOpenAsync(board, now, default));
                }
                case 12:
                    var asked = new DocumentQuery { Prefix = PickOf("d", "d/", "d/1", "e"), After = PickOf<string?>(null, null, "d/0", "d/1"), Limit = PickOf(1_000, 1, 2) };
                    return async side => string.Join('\n', await side.Store.ReadDocumentsAsync(asked, default));
                case 13:
                {
                    var (first, count, until) = (Pick(6), Pick(4), Instant());
                    return async side =>
                    {
                        DueClaim[] due = [.. side.Due.AsEnumerable().Reverse().Skip(first).Take(count)];
                        OutboxClaim[] outbox = [.. side.Outbox.AsEnumerable().Reverse().Skip(first).Take(count)];
                        var held = await side.Store.RenewAsync(new LeaseRenewal { Until = until, Due = due, Outbox = outbox }, default);
                        return $"renewed {held.Count} {string.Join(',', due.Select(c => held.Contains(c.Token)))} {string.Join(',', outbox.Select(c => held.Contains(c.Token)))}";
                    };
                }
                default:
                    return LookAsync;
            }
        }

        private Func<Side, Task<string>> Commit()
        {
            bool withToken = Pick(2) == 1, isTold = withToken && Pick(2) == 1;
            // How far from the version that is there then: mostly not at all.
            DocumentChange[] documents = [.. Several(3).Select(_ => new DocumentChange(PickOf("d/0", "d/1", "d/10", "d/2"), PickOf<string?>("{}", "", null), Pick(8) == 0 ? 1 : 0)).DistinctBy(static d => d.Name)];
            var commit = new StoreCommit
            {
                At = Instant(),
                Registers = [.. Several(3).Select(_ => Register())],
                Items = [.. Several(2).Select(_ => Item())],
                RemovedItems = [.. Several(1).Select(_ => PickOf("a", "b", "pr:acme/web#1"))],
                Transitions = [.. Several(2).Select(_ => new Transition { ItemId = PickOf("a", "b"), Kind = (TransitionKind)Pick(3), RecordedAt = Instant() })],
                Due = [.. Several(3).Select(_ => Due())],
                Outbox = [.. Several(2).Select(_ => new OutboxMessage($"m{Pick(6)}", "sink", $"{Pick(9)}", Instant()))],
                Deliveries = [.. Several(1).Select(_ => new DeliveryId("s", $"{Pick(3)}"))],
                Quarantine = [.. Several(1).Select(_ => new QuarantineEntry { Id = $"q{Pick(4)}", Source = "s", Kind = QuarantineKind.Refused, Detail = "d", Body = new byte[Pick(3)], ReceivedAt = Instant() })],
            };
            return async side =>
            {
                var stored = (await side.Store.ReadDocumentsAsync(new DocumentQuery { Prefix = "d" }, default)).ToDictionary(static d => d.Name, static d => d.Version);
                DocumentChange[] changes = [.. documents.Select(d => d with { Version = d.Version + stored.GetValueOrDefault(d.Name) })];
                var whole = commit with { Token = withToken ? side.Token : null, Documents = changes };
                return $"{(await side.Store.CommitAsync(isTold ? await ToldAsync(side, whole) : whole, default)).Outcome}";
            };
        }

        // As the engine does: it says what it found before, and the token says that it is still so.
        private static async Task<StoreCommit> ToldAsync(Side side, StoreCommit commit)
        {
            var items = (await side.Store.FindItemsAsync([.. commit.Items.Select(static i => i.State.Id)], default)).ToDictionary(static i => i.State.Id, static i => i.State, StringComparer.Ordinal);
            var known = (await side.Store.ReadSubjectsAsync([.. commit.Registers.Select(static f => f.Subject)], default)).Select(static f => f.Register).ToHashSet();
            return commit with
            {
                Items = [.. commit.Items.DistinctBy(static i => i.State.Id).Select(i => i with { Before = items.GetValueOrDefault(i.State.Id), IsBeforeKnown = true })],
                Registers = [.. commit.Registers.DistinctBy(static f => f.Register)],
                NewRegisters = commit.Registers.Select(static f => f.Register).Where(r => !known.Contains(r)).ToHashSet(),
            };
        }

        private Fact Register() => new()
        {
            Subject = PickOf(Keys),
            Kind = PickOf("seen", "merged"),
            Writer = PickOf(new Writer("ci", "x"), Writer.Person("ann")),
            Ordinal = new Ordinal(Pick(3)),
            OccurredAt = Instant(),
            Links = [.. Several(3).Select(_ => PickOf(Keys))],
        };

        private ItemRecord Item() => new()
        {
            State = new ItemState
            {
                Id = PickOf("a", "b", "pr:acme/web#1"),
                Pipeline = PickOf("p", "q"),
                Title = PickOf<string?>(null, "Alpha"),
                Repository = PickOf<string?>(null, "acme/web", "acme/api"),
                Priority = PickOf<string?>(null, "P1", "P2"),
                Provenance = PickOf<string?>(null, "builder", "") is { } agent ? new Provenance { Agent = agent } : null,
                OpenedAt = PickOf<DateTimeOffset?>(null, Instant()),
                Abandoned = Pick(4) == 1,
                CurrentGate = PickOf<string?>(null, "merged"),
                WaitingOn = PickOf<string?>(null, "merged"),
                IsDone = Pick(2) == 1,
                DoneDefinition = "d",
                Gates = [new GateView { Gate = "merged", StartBy = PickOf<DateTimeOffset?>(null, Instant()) }],
            },
            Version = Pick(9),
            UpdatedAt = Instant(),
        };

        private DueChange Due() => new()
        {
            Subject = PickOf(Keys[0], Keys[1], Keys[2]),
            Kind = PickOf("probe:x", "probe:y", DueKinds.Sla),
            DueAt = PickOf(Instant(), Instant(), Instant(), (DateTimeOffset?)null),
            Mode = (DueMode)Pick(4),
            Payload = PickOf<string?>(null, "mark", ""),
        };

        private IEnumerable<int> Several(int most) => Enumerable.Range(0, Pick(most + 1));

        private DateTimeOffset Instant() => T0.AddMinutes(Pick(12));

        private T PickOf<T>(params T[] choices) => choices[Pick(choices.Length)];

        private int Pick(int count) => _at < bytes.Length ? bytes[_at++] % count : 0;

        private static async Task<string> LoadAsync(Side side, Key[] keys)
        {
            var loaded = await side.Store.LoadAsync(new LoadRequest { Subjects = keys, Deliveries = [new("s", "0"), new("s", "1"), new("s", "2")] }, default);
            side.Token = loaded.Token;
            return string.Join('\n', loaded.Facts.Select(StoredJson.Write).Order(StringComparer.Ordinal)) + '\n' +
                string.Join('\n', loaded.Items.Select(Show).Order(StringComparer.Ordinal)) + '\n' +
                string.Join('\n', loaded.KnownDeliveries.Select(d => d.Id).Order(StringComparer.Ordinal));
        }

        // All pages; of more than there are items only so many that a cursor without end shows.
        private static async Task<string> ListAsync(Side side, ItemQuery query)
        {
            string all = "";
            for (int pages = 0; pages < 9; pages++)
            {
                var page = await side.Store.QueryItemsAsync(query, default);
                all += $"{string.Join('\n', page.Items.Select(Show))}\n--\n";
                if (page.NextCursor is null) break;
                query = query with { Cursor = page.NextCursor };
            }
            return all;
        }

        private static async Task<string> ClaimAsync(Side side, DateTimeOffset now, int limit, string? kind)
        {
            var claims = await side.Store.ClaimDueAsync(new ClaimRequest { Now = now, Lease = TimeSpan.FromMinutes(3), Limit = limit, Kind = kind }, default);
            side.Due.AddRange(claims);
            return string.Join('\n', claims.Select(c => c with { Token = 0 }));
        }

        private static async Task<string> ClaimOutboxAsync(Side side, DateTimeOffset now, int limit)
        {
            var claims = await side.Store.ClaimOutboxAsync(new ClaimRequest { Now = now, Lease = TimeSpan.FromMinutes(3), Limit = limit }, default);
            side.Outbox.AddRange(claims);
            return string.Join('\n', claims.Select(c => c with { Token = 0 }));
        }

        private static async Task<string> LookAsync(Side side)
        {
            var board = await side.Store.CountAsync(T0.AddMinutes(6), default);
            var facets = await side.Store.ReadFacetsAsync(default);
            var log = await side.Store.ReadTransitionsAsync(new TransitionQuery { Limit = 1000 }, default);
            var kept = await side.Store.ReadQuarantineAsync(100, default);
            var wake = await side.Store.NextWakeAsync(default);
            var documents = await side.Store.ReadDocumentsAsync(new DocumentQuery { Prefix = "d" }, default);
            return $"{wake:O}\n{string.Join('\n', documents)}\n{string.Join('\n', board)}\n{string.Join('\n', [.. facets.Repositories, .. facets.Agents, .. facets.Priorities])}\n{string.Join('\n', log)}\n{string.Join('\n', kept.Select(k => $"{k with { Body = default }} {Convert.ToHexString(k.Body.Span)}"))}";
        }

        private static string Show(ItemRecord item) => $"{StoredJson.Write(item.State)} {item.Version} {item.UpdatedAt:O} {item.NextProbeAt:O}";
    }
}
