/// The page's style and behaviour. Everything is readable without the script, which only searches, sorts and zooms.
enum PlanPageAssets {
    static let style = """

        body { font: 14px/1.45 Helvetica, Arial, "DejaVu Sans", sans-serif; color: #222; margin: 24px 32px; }
        h1 { font-size: 22px; margin: 0 0 4px; } h2 { font-size: 16px; margin: 26px 0 6px; }
        .quiet { color: #667; margin: 4px 0; } .controls { margin: 4px 0 8px; }
        table { border-collapse: collapse; }
        th, td { text-align: left; padding: 3px 10px 3px 0; vertical-align: top; border-bottom: 1px solid #eceef2; }
        thead th { position: sticky; top: 0; background: #fff; border-bottom: 2px solid #ccd; cursor: pointer; }
        .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
        .costs th { white-space: nowrap; } .costs .wide { width: 520px; }
        .gauge { display: block; height: 7px; background: #0072b2; border-radius: 3px; margin-top: 6px; }
        .name { min-width: 240px; max-width: 360px; overflow-wrap: anywhere; } .declined { color: #96604a; }
        .chosen { font-weight: bold; }
        i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 6px; }
        .course { display: flex; border: 1px solid #dde; border-radius: 6px; padding: 8px 0; }
        .names { position: relative; width: 120px; flex: none; font-weight: bold; }
        .names div { position: absolute; left: 14px; }
        .scroll { overflow-x: auto; flex: auto; padding: 0 28px 0 0; }
        #track { position: relative; min-width: 100%; }
        .lane { position: absolute; left: 0; right: 0; height: 36px; background: #f5f6f9; border-radius: 4px; }
        .tick { position: absolute; top: 0; bottom: 20px; width: 1px; background: #e3e5ea; }
        .tick span { position: absolute; bottom: -20px; left: 2px; color: #667; font-size: 12px; white-space: nowrap; }
        .bar { position: absolute; height: 36px; min-width: 2px; border: 0; border-radius: 3px; color: #fff; padding: 0;
            font: bold 12px Helvetica, Arial, sans-serif; overflow: hidden; cursor: pointer; outline-offset: 1px; }
        .bar:hover, .bar.picked { outline: 2px solid #222; }
        .arrows { position: absolute; left: 0; top: 0; width: 100%; pointer-events: none; overflow: visible; }
        .arrow { stroke: #222; stroke-width: 1.4; pointer-events: stroke; }
        .carried { position: absolute; font-size: 11px; white-space: nowrap; padding-left: 6px; }
        .carried.late { transform: translateX(-100%); padding: 0 6px 0 0; }
        .tick.late span { left: auto; right: 2px; }
        .carried.crowded { visibility: hidden; }

        """

    static let script = """

        "use strict";
        const rows = [...document.querySelectorAll("#nodes tbody tr")];
        const search = document.getElementById("search");
        const count = document.getElementById("count");
        let picked = null;
        function filter() {
            const words = search.value.toLowerCase().split(" ").filter(word => word);
            let shown = 0;
            for (const row of rows) {
                const text = row.textContent.toLowerCase();
                const fits = (picked === null || row.dataset.segment === picked) && words.every(w => text.includes(w));
                row.hidden = !fits;
                if (fits) shown += 1;
            }
            count.textContent = shown + " of " + rows.length + " nodes";
            for (const bar of document.querySelectorAll(".bar"))
                bar.classList.toggle("picked", picked !== null && bar.dataset.segment === picked);
        }
        search.addEventListener("input", filter);
        document.getElementById("all").addEventListener("click", () => { picked = null; search.value = ""; filter(); });
        for (const bar of document.querySelectorAll(".bar"))
            bar.addEventListener("click", () => {
                picked = picked === bar.dataset.segment ? null : bar.dataset.segment;
                filter();
            });
        const track = document.getElementById("track");
        function declutter() {
            const ends = new Map();
            const labels = [...document.querySelectorAll(".carried")].map(label => [label, label.getBoundingClientRect()]);
            labels.sort((a, b) => a[1].left - b[1].left);
            for (const [label, box] of labels) {
                const level = Math.round(box.top / 8);
                const crowded = (ends.get(level) ?? -1e9) > box.left;
                label.classList.toggle("crowded", crowded);
                if (!crowded) ends.set(level, box.right);
            }
        }
        document.getElementById("zoom").addEventListener("input", event => {
            track.style.width = event.target.value * 100 + "%";
            declutter();
        });
        window.addEventListener("resize", declutter);
        document.querySelectorAll("#nodes thead th").forEach((head, column) => {
            let ascending = false;
            head.addEventListener("click", () => {
                ascending = !ascending;
                const key = row => {
                    const cell = row.cells[column];
                    const value = cell.dataset.value ?? cell.textContent;
                    return value !== "" && !isNaN(value) ? Number(value) : value;
                };
                rows.sort((a, b) => {
                    const [x, y] = [key(a), key(b)];
                    const order = typeof x === typeof y ? (x < y ? -1 : x > y ? 1 : 0) : typeof x === "number" ? -1 : 1;
                    return ascending ? order : -order;
                });
                document.querySelector("#nodes tbody").append(...rows);
            });
        });
        filter();
        declutter();

        """
}
