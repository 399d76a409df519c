# A table of invented houses, the same on every machine (-v classes=1: how dear, in words):
#   awk -f configs/data/houses.awk > configs/data/houses.csv
function uniform() { state = (state * 1103515245 + 12345) % 2147483648; return state / 2147483648 }
function normal() { return uniform() + uniform() + uniform() + uniform() + uniform() + uniform() - 3 }
BEGIN {
  state = 7
  print "id,area,rooms,built,district,energy,price"
  split("harbour old-town hill station suburb", district, " ")
  split("1.5 1.3 1.15 0.9 0.8", worth, " ")
  split("A B C D E", energy, " ")
  for (i = 1; i <= 1500; i++) {
    area = int(35 + 130 * uniform() * uniform() + 30 * uniform())
    rooms = 1 + int(area / 28 + uniform())
    built = 1900 + int(123 * uniform())
    d = 1 + int(5 * uniform())
    e = 1 + int(5 * uniform())
    price = area * 3200 * worth[d] * (1 + (built - 1960) / 400) - 6000 * (e - 1) + 15000 * rooms
    price += 9000 * normal()
    shown = uniform() < 0.05 ? "" : area
    where = uniform() < 0.03 ? "" : district[d]
    cheap = price < 120000 ? "cheap" : price > 400000 ? "dear" : "fair"
    if (classes) price = cheap
    printf "h%d,%s,%d,%d,%s,%s,%s\n", i, shown, rooms, built, where, energy[e], classes ? price : int(price)
  }
}
